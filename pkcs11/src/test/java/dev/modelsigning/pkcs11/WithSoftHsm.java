package dev.modelsigning.pkcs11;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/** Marks tests that need SoftHSM. They are skipped where it is not installed. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
    value = "dev.modelsigning.pkcs11.SoftHsm#isInstalled",
    disabledReason = "no SoftHSM; install softhsm2 opensc gnutls-bin p11-kit openssl")
public @interface WithSoftHsm {}
