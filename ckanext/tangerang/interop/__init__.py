"""What harvesters and other portals read."""
