package dev.modelsigning.s3;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/** Marks tests that start a {@link LocalS3}. They are skipped where it is not installed. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
    value = "dev.modelsigning.s3.LocalS3#isThere",
    disabledReason =
        "no object store on this machine; with Go and Python run:"
            + " integration/s3/install .cache/s3")
public @interface WithLocalS3 {}
