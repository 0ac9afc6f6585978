"""Feature folder of the plugin ``tangerang_review``."""
