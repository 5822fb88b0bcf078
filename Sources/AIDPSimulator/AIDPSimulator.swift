enum PlaceholderAIDPSimulator {}
