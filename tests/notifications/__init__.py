"""Notifications (plugin ``tangerang_notifications``)."""
