"""The checklist of the specification's section 10, and the tables of its section 3, copied as data."""

CHECKLIST = {
    "Database": (
        "All tables created with correct foreign keys",
        "RLS policies tested for each role (trainee, manager, admin)",
        "Triggers fire correctly (e.g., profile creation on signup)",
    ),
    "Authentication": (
        "Users can sign up and log in",
        "Users are assigned default 'trainee' role",
        "Role checks work correctly in RLS policies",
    ),
    "Storage": (
        "Videos upload and stream correctly",
        "PDFs download correctly",
        "RLS policies prevent unauthorized access",
    ),
    "Edge Functions": (
        "`ai-call-simulation` returns valid AI responses",
        "`evaluate-simulation` generates accurate scores and feedback",
        "`generate-certificate` creates valid PDFs",
        "`send-notification-email` delivers emails",
    ),
    "Frontend Integration": (
        "Trainee can view and complete lessons",
        "Quizzes submit and score correctly",
        "Simulations record attempts with full transcripts",
        "Managers can view team progress",
        "Admins can create/edit courses",
    ),
}

FOREIGN_KEYS = {
    "profiles": {"id": "auth.users cascade"},
    "user_roles": {"user_id": "auth.users cascade"},
    "manager_assignments": {"trainee_id": "auth.users cascade", "manager_id": "auth.users cascade"},
    "products": {"created_by": "auth.users"},
    "modules": {"product_id": "public.products cascade"},
    "lessons": {"module_id": "public.modules cascade"},
    "lesson_attachments": {"lesson_id": "public.lessons cascade"},
    "quizzes": {"lesson_id": "public.lessons cascade"},
    "quiz_questions": {"quiz_id": "public.quizzes cascade"},
    "quiz_answers": {"question_id": "public.quiz_questions cascade"},
    "simulations": {"lesson_id": "public.lessons cascade"},
    "lesson_completions": {"user_id": "auth.users cascade", "lesson_id": "public.lessons cascade"},
    "quiz_attempts": {"user_id": "auth.users cascade", "quiz_id": "public.quizzes cascade"},
    "simulation_attempts": {"user_id": "auth.users cascade", "simulation_id": "public.simulations cascade"},
    "certifications": {"user_id": "auth.users cascade", "product_id": "public.products cascade"},
}
"""Of each table the columns that point at another, at which, and what a deletion there does."""
