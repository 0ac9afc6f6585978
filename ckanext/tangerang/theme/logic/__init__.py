"""Actions of the plugin ``tangerang_theme``, who may call them and what they take."""
