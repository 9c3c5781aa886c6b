-- The category of a window of which the policy keeps nothing else; absent where there is more to
-- keep, or nothing. As the agent says it: whether it is one of the organization's is looked up
-- when it is read, so that the same span sent again is the same.
ALTER TABLE activity_logs ADD COLUMN category_id uuid;
