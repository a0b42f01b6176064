"""Who you are: sign-in, accounts, people, teams and the audit log.

Each package knows those below it and none above:

    handlers, jobs           every route of `/auth/v1`; who follows which facts
    wire/  tidying           HTTP: reading requests, counting guesses, answering; forgetting what is of no use
    own_account/  people/    what people change about themselves; what admins change about people
    sign_in/                 passwords, logins, refresh tokens
    letters/                 what is written, queued and sent by e-mail
    links/                   one-time links and codes, where they lead, PKCE
    account/  audit/         what is stored of an account; what is noted of admins and managers
"""
