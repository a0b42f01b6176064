"""`/auth/v1` over HTTP: reads requests, counts guesses, answers in the shapes of supabase-js."""
