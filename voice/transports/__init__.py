"""The trainee's side of a call: thin shells round the call machine."""
