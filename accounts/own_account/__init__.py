"""What people do about their own account: sign up, follow a link, change password and address."""
