"""Jobs: what follows from a fact, each subscriber at least once, however often servers die.

`callx.emit_fact` queues one job in the fact's own transaction. A worker turns it, in one transaction, into a job for
each subscriber of that kind of fact; from then on the subscribers succeed, wait and fail independently of each other.
A job whose worker is killed is taken over by another when its heartbeat has been missing for `heartbeat_timeout_ms`. A
job that fails waits twice as long each time, and after `attempts` stays in the queue as failed until it is run again.

    subscriptions  who follows which facts, and what is done at set times
    worker         runs the jobs
    timetable      does at set times what no fact asks for
    queue          the queue in PostgreSQL, and what was given up; with the two above the only user of pgqueuer
"""

from core.jobs.queue import FailedJob, failed_jobs, run_again
from core.jobs.subscriptions import Handler, Subscriptions
from core.jobs.worker import Worker, WorkerLimits

__all__ = ["FailedJob", "Handler", "Subscriptions", "Worker", "WorkerLimits", "failed_jobs", "run_again"]
