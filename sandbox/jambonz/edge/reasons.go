package main

// reasonPhrase is RFC 3261's phrase of a status; the class's general one for others.
func reasonPhrase(status int) string {
	phrases := map[int]string{
		100: "Trying", 180: "Ringing", 181: "Call Is Being Forwarded", 182: "Queued", 183: "Session Progress",
		200: "OK", 202: "Accepted", 302: "Moved Temporarily",
		400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
		407: "Proxy Authentication Required", 408: "Request Timeout", 410: "Gone",
		480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist", 482: "Loop Detected",
		484: "Address Incomplete", 486: "Busy Here", 487: "Request Terminated", 488: "Not Acceptable Here",
		491: "Request Pending", 500: "Server Internal Error", 501: "Not Implemented", 502: "Bad Gateway",
		503: "Service Unavailable", 504: "Server Time-out", 600: "Busy Everywhere", 603: "Decline",
		604: "Does Not Exist Anywhere", 606: "Not Acceptable",
	}
	if phrase, ok := phrases[status]; ok {
		return phrase
	}
	return [...]string{"", "Progress", "OK", "Redirection", "Request Failure", "Server Failure", "Global Failure"}[min(6, status/100)]
}
