"""A query and a catalog become a plan that only names what exists, or a typed error. Pure.

`reads.plan_read`, `writes.plan_insert`, `writes.plan_update`, `writes.plan_delete`, `calls.find_function`,
`calls.split_arguments`, `calls.plan_call`; their results are in `plans`.
"""
