"""What is known of one page: its captures and versions (history), its blocks and their roles (explaining)."""
