package dev.modelsigning.kms.aws;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/** Marks tests that start a {@link LocalKms}. They are skipped where it is not installed. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
    value = "dev.modelsigning.kms.aws.LocalKms#isThere",
    disabledReason = "no KMS on this machine; with Go run: integration/kms/install .cache/kms")
public @interface WithLocalKms {}
