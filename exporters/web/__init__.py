"""Who is let in to the web server, by which protocol, and how often: what stands before every answer."""
