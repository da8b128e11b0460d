"""The desk: pages for editors, approvers and administrators."""
