"""Review and publication by the walidata (plugin ``tangerang_review``)."""
