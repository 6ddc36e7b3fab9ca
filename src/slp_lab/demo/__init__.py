"""The demo: the whole way on a simulated fleet, with the commands that anybody would type.

It plays two people, each in processes of their own: the engineer who assesses, plans, applies,
verifies and reports, and the operator who carries files between routers and CSSM.
"""
