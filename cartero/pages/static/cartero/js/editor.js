// The editor of messages is wired in a moment.
