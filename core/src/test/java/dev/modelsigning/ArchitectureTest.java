package dev.modelsigning;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import dev.modelsigning.testing.HouseRules;
import org.junit.jupiter.api.Test;

/** The package graph of ARCHITECTURE.md: every edge that is not named here is refused. */
class ArchitectureTest extends HouseRules {

  ArchitectureTest() {
    super("dev.modelsigning");
  }

  @Test
  void dependenciesGoOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("hash")
        .definedBy("dev.modelsigning.hash")
        .layer("json")
        .definedBy("dev.modelsigning.json")
        .layer("manifest")
        .definedBy("dev.modelsigning.manifest")
        .layer("bundle")
        .definedBy("dev.modelsigning.bundle")
        .layer("root")
        .definedBy("dev.modelsigning")
        .layer("keyfile")
        .definedBy("dev.modelsigning.keyfile")
        .layer("pkix")
        .definedBy("dev.modelsigning.pkix")
        .layer("timestamp")
        .definedBy("dev.modelsigning.timestamp")
        .layer("key")
        .definedBy("dev.modelsigning.key")
        .layer("certificate")
        .definedBy("dev.modelsigning.certificate")
        .whereLayer("hash")
        .mayOnlyBeAccessedByLayers("manifest")
        .whereLayer("json")
        .mayOnlyBeAccessedByLayers(
            "manifest", "bundle", "keyfile", "pkix", "timestamp", "key", "certificate")
        .whereLayer("manifest")
        .mayOnlyBeAccessedByLayers("bundle", "root")
        .whereLayer("bundle")
        .mayOnlyBeAccessedByLayers("root", "keyfile", "timestamp", "key", "certificate")
        .whereLayer("root")
        .mayOnlyBeAccessedByLayers("keyfile", "timestamp", "key", "certificate")
        .whereLayer("keyfile")
        .mayOnlyBeAccessedByLayers("timestamp", "key", "certificate")
        .whereLayer("pkix")
        .mayOnlyBeAccessedByLayers("keyfile", "timestamp", "certificate")
        .whereLayer("timestamp")
        .mayOnlyBeAccessedByLayers("certificate")
        .whereLayer("key")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("certificate")
        .mayNotBeAccessedByAnyLayer()
        .check(classes);
  }
}
