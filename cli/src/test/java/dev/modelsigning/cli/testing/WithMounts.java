package dev.modelsigning.cli.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/** Marks tests that mount a file system of their own. They are skipped where that is forbidden. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
    value = "dev.modelsigning.cli.testing.FuseFileSystem#canMount",
    disabledReason =
        "mounts a file system, which needs root on Linux, and /dev/fuse; and starts processes with"
            + " env (GNU coreutils 8.31) and setsid (util-linux)")
public @interface WithMounts {}
