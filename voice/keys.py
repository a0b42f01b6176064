"""What the calls' handlers find on the application."""

from aiohttp import web

from voice.journal_sweep import JournalSweep
from voice.recording_links import RecordingLinks
from voice.switchboard import Switchboard

SWITCHBOARD: web.AppKey[Switchboard] = web.AppKey("switchboard", Switchboard)
RECORDING_LINKS: web.AppKey[RecordingLinks] = web.AppKey("recording_links", RecordingLinks)
JOURNAL_SWEEP: web.AppKey[JournalSweep] = web.AppKey("journal_sweep", JournalSweep)
