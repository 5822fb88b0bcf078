enum PlaceholderRuns {}
