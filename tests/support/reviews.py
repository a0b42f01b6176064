"""What people say about a call, as rows."""

from uuid import UUID

from core.db import Tx
from core.identity import Person


async def record_reviews(tx: Tx, call_id: UUID, *, trainee: Person, manager: Person) -> UUID:
    """Writes one row of each table about reviews of a call, and a second call that was judged; the id of that one.

    The call's attempt must be there. `tx` acts as the service.
    """
    await tx.execute(
        """update public.evaluations e set state = 'done', report = '{"passing_grade": 80, "provisional": true}',
             attempt_id = a.id, finished_at = now()
           from public.simulation_attempts a where a.call_id = $1 and e.call_id = $1""",
        call_id,
    )
    await tx.execute(
        "insert into public.call_comments (call_id, author_id, body) values ($1, $2, 'Listen to this.')",
        call_id,
        manager.user_id,
    )
    await tx.execute(
        "insert into public.review_requests (call_id, user_id, reason) values ($1, $2, 'I did verify.')",
        call_id,
        trainee.user_id,
    )
    await tx.execute(
        """insert into public.review_claims (call_id, user_id, claimed_by, claimed_by_name)
           values ($1, $2, $3, 'Mira')""",
        call_id,
        trainee.user_id,
        manager.user_id,
    )
    await tx.execute(
        """insert into public.reviews
             (call_id, user_id, reviewer_id, reviewer_name, state, decision, reason, result, published_at)
           values ($1, $2, $3, 'Mira', 'published', 'confirmed', 'As it is.', '{}', now())""",
        call_id,
        trainee.user_id,
        manager.user_id,
    )
    await tx.execute(
        """insert into public.evaluation_versions (call_id, number, source, report, made_at)
           values ($1, 1, 'judge', '{}', now())""",
        call_id,
    )
    await tx.execute("insert into public.report_subscriptions (user_id, every) values ($1, 'week')", manager.user_id)
    second_call: UUID = await tx.fetchval(
        """insert into public.calls (user_id, simulation_id, mode, state, token_hash, seed)
           select user_id, simulation_id, mode, state, '\\x01', 2 from public.calls where id = $1 returning id""",
        call_id,
    )
    await tx.execute("insert into public.evaluations (call_id, state, report) values ($1, 'done', '{}')", second_call)
    return second_call
