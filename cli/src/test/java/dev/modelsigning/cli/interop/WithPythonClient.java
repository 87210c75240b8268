package dev.modelsigning.cli.interop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Marks tests that run the Python client. They are skipped where it is not installed. They wait for
 * processes most of the time, so they run side by side if JUnit is told to run tests in parallel.
 * CI runs them on one of the JDKs, and before a release on the other one: hence the tag.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
    value = "dev.modelsigning.cli.interop.Client#hasPython",
    disabledReason = "no Python client; run: integration/python/install .cache/python")
@Execution(ExecutionMode.CONCURRENT)
@Tag("python")
public @interface WithPythonClient {}
