"""Actions of the plugin ``tangerang_usage``, who may call them, and what they take."""
