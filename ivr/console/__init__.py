"""The counselors' pages: rendered here, whole without JavaScript, small enough for a slow line."""
