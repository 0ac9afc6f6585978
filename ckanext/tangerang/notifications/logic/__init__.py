"""Actions of the plugin ``tangerang_notifications``, who may call them, and what they take."""
