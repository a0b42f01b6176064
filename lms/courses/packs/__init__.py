"""Course packs: a course as a ZIP file of `course.yaml` and media, or as plain YAML, in and out.

`course.py` is the grammar, `yaml_text.py` the bounded reader that knows lines, `reading.py` puts both together,
`archive.py` is careful with ZIP files, `plan.py` says what an import would change, `importing.py` does it,
`exporting.py` is the way back, and `handlers.py` has `import-course` and `export-course`. docs/courses.md describes the
format.
"""
