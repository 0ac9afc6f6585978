"""Actions of the plugin ``tangerang_content``, who may call them, and what they take."""
