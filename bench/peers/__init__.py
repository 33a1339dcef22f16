"""What Warmline is measured against, each as its users would write it."""
