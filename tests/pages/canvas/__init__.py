"""What is sent to the browser, as bytes."""
