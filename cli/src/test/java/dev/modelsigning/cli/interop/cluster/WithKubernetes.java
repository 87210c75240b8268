package dev.modelsigning.cli.interop.cluster;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/** Marks tests that start an {@link ApiServer}. They are skipped where it is not installed. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
    value = "dev.modelsigning.cli.interop.cluster.ApiServer#isThere",
    disabledReason =
        "no API server of Kubernetes on this machine; with Go run:"
            + " integration/kubernetes/install .cache/kubernetes")
@interface WithKubernetes {}
