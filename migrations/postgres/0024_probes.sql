-- By which probe a device's agent looks at its desktop, as the agent says; absent while it has
-- not said. What the probe can is in capabilities.
ALTER TABLE devices ADD COLUMN probe TEXT;
