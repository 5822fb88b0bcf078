enum PlaceholderPolling {}
