"""The look of the portal: templates, styles, home page, languages."""
