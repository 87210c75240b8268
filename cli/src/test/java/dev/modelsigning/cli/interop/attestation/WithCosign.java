package dev.modelsigning.cli.interop.attestation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/** Marks tests that run cosign. They are skipped where it is not installed. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
    value = "dev.modelsigning.cli.interop.attestation.Cosign#isThere",
    disabledReason =
        "no cosign on this machine; with Go run: integration/cosign/install .cache/cosign")
public @interface WithCosign {}
