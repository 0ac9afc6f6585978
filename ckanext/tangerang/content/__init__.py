"""Pages that the walidata writes in the portal, and the glossary behind the tooltips."""
