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
        .layer("file")
        .definedBy("dev.modelsigning.file")
        .layer("json")
        .definedBy("dev.modelsigning.json")
        .layer("http")
        .definedBy("dev.modelsigning.http")
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
        .layer("revocation")
        .definedBy("dev.modelsigning.revocation")
        .layer("timestamp")
        .definedBy("dev.modelsigning.timestamp")
        .layer("key")
        .definedBy("dev.modelsigning.key")
        .layer("certificate")
        .definedBy("dev.modelsigning.certificate")
        .layer("platform")
        .definedBy("dev.modelsigning.platform")
        .whereLayer("hash")
        .mayOnlyBeAccessedByLayers("manifest")
        .whereLayer("file")
        .mayOnlyBeAccessedByLayers("bundle", "keyfile", "key")
        .whereLayer("json")
        .mayOnlyBeAccessedByLayers(
            "http",
            "manifest",
            "bundle",
            "keyfile",
            "pkix",
            "revocation",
            "timestamp",
            "key",
            "certificate")
        .whereLayer("http")
        .mayOnlyBeAccessedByLayers("revocation", "timestamp")
        .whereLayer("manifest")
        .mayOnlyBeAccessedByLayers("bundle", "root")
        .whereLayer("bundle")
        .mayOnlyBeAccessedByLayers("root", "keyfile", "timestamp", "key", "certificate")
        .whereLayer("root")
        .mayOnlyBeAccessedByLayers("keyfile", "timestamp", "key", "certificate")
        .whereLayer("keyfile")
        .mayOnlyBeAccessedByLayers("timestamp", "key", "certificate")
        .whereLayer("pkix")
        .mayOnlyBeAccessedByLayers("keyfile", "revocation", "timestamp", "certificate")
        .whereLayer("revocation")
        .mayOnlyBeAccessedByLayers("timestamp", "certificate")
        .whereLayer("timestamp")
        .mayOnlyBeAccessedByLayers("certificate")
        .whereLayer("platform")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("key")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("certificate")
        .mayNotBeAccessedByAnyLayer()
        .check(classes);
  }
}
