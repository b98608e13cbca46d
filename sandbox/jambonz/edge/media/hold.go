package media

// holdMusic is what the other side of a bridge hears (own: FreeSWITCH plays a recording).
func holdMusic() *Play {
	level := -25.0
	return &Play{Loop: true, Segments: []Segment{{Kind: "tone", Hz: []float64{660}, Ms: 1000, Level: &level}}}
}

// Hold is what the remote asks for: it is sent nothing, and the other side of the bridge hears music until it is back.
func (s *Session) Hold(held bool) {
	s.mu.Lock()
	if s.held == held {
		s.mu.Unlock()
		return
	}
	s.held = held
	peer, music := s.peer, s.music
	if held {
		music = holdMusic()
	}
	s.music = music
	s.mu.Unlock()
	switch {
	case peer == nil:
	case held:
		peer.Start(music)
	default:
		peer.stopPlay(music)
	}
}

// stopPlay ends this play, unless another has taken its place.
func (s *Session) stopPlay(play *Play) {
	s.mu.Lock()
	isPlayed := s.play == play
	s.mu.Unlock()
	if isPlayed {
		s.Stop()
	}
}
