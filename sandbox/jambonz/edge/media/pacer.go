package media

import (
	"sync"
	"time"
)

const frameTime = 20 * time.Millisecond

// catchUp is how many frames late a play is brought up to time; after a longer stall the rest is left out.
const catchUp = 10

// Pacer sends a frame of every playing session each 20 ms. One for all sessions: hundreds of timers would
// cost more than the packets. Deadlines are absolute, so that nothing drifts.
type Pacer struct {
	mu      sync.Mutex
	playing map[*Session]struct{}
	wake    chan struct{}
}

func NewPacer() *Pacer {
	p := &Pacer{playing: map[*Session]struct{}{}, wake: make(chan struct{}, 1)}
	go p.run()
	return p
}

func (p *Pacer) add(s *Session) {
	p.mu.Lock()
	p.playing[s] = struct{}{}
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// remove forgets a session, unless it has got something new to play meanwhile.
func (p *Pacer) remove(s *Session) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.idle() {
		delete(p.playing, s)
	}
}

func (p *Pacer) sessions() []*Session {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([]*Session, 0, len(p.playing))
	for s := range p.playing {
		all = append(all, s)
	}
	return all
}

func (p *Pacer) run() {
	deadline := time.Now()
	for {
		sessions := p.sessions()
		if len(sessions) == 0 {
			<-p.wake
			deadline = time.Now()
			continue
		}
		for _, s := range sessions {
			s.sendFrame()
		}
		deadline = deadline.Add(frameTime)
		late := time.Since(deadline)
		if late > catchUp*frameTime {
			deadline = time.Now()
		}
		time.Sleep(-late)
	}
}
