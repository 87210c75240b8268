package dev.modelsigning.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Marks tests that read the published test data. They are skipped where it is absent, before they
 * start.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
    value = "dev.modelsigning.testing.SharedVectors#areThere",
    disabledReason = "needs ../shared/vectors, or -Dmodelsigning.shared=DIR")
public @interface WithSharedVectors {}
