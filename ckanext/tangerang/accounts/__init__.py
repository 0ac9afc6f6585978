"""Accounts of the portal: who has which role in which OPD, without e-mail where there is none."""
