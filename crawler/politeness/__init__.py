"""How fast a host may be asked, and what: robots.txt, delays, back-off.  State machines; only the gate knows a loop."""
