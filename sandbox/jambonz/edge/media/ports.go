package media

import (
	"fmt"
	"net"
	"sync"
)

// Ports hands out even UDP ports of a range in turn, so that a late packet of an ended leg meets no new one.
type Ports struct {
	mu             sync.Mutex
	first, last, n int
}

func NewPorts(first, last int) *Ports {
	first += first % 2
	return &Ports{first: first, last: last, n: first}
}

// Listen opens the next port that is free.
func (p *Ports) Listen() (*net.UDPConn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for range (p.last-p.first)/2 + 1 {
		port := p.n
		if p.n += 2; p.n > p.last {
			p.n = p.first
		}
		conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
		if err == nil {
			return conn, nil
		}
	}
	return nil, fmt.Errorf("no free RTP port between %d and %d: start the edge with a wider -rtp-min/-rtp-max", p.first, p.last)
}
