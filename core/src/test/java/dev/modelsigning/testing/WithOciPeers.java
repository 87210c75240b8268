package dev.modelsigning.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Marks tests that start a {@link RegistryServer} or run {@link OciTools}. They are skipped where
 * these are not installed.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
    value = "dev.modelsigning.testing.OciTools#areThere",
    disabledReason = "no registry on this machine; with Go run: integration/oci/install .cache/oci")
public @interface WithOciPeers {}
