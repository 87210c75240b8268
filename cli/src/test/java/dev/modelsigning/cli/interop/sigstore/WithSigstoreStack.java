package dev.modelsigning.cli.interop.sigstore;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/** Marks tests that need real servers of Sigstore. They are skipped where these do not run. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
    value = "dev.modelsigning.cli.interop.sigstore.SigstoreStack#isThere",
    disabledReason =
        "no Sigstore on this machine; with Go and npm run: integration/sigstore/install"
            + " .cache/sigstore && integration/sigstore/start .cache/sigstore")
@interface WithSigstoreStack {}
