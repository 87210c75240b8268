package dev.modelsigning.sigstore;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import dev.modelsigning.testing.HouseRules;
import org.junit.jupiter.api.Test;

/** Rules for the whole module. */
class SigstoreArchitectureTest extends HouseRules {

  SigstoreArchitectureTest() {
    super("dev.modelsigning.sigstore");
  }

  /** Only what core hands out to this module, or what would fail once core is on a module path. */
  @Test
  void usesOfCoreOnlyWhatItHandsOut() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.modelsigning.internal.hash..", "dev.modelsigning.key..")
        .check(classes);
  }

  /** They lack dependencies that are left out, or get wrong what matters here. */
  @Test
  void usesNoClientAndNoVerifierOfWholeBundles() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.sigstore",
            "dev.sigstore.bundle..",
            "dev.sigstore.dsse..",
            "dev.sigstore.fulcio..",
            "dev.sigstore.http..",
            "dev.sigstore.oidc..",
            "dev.sigstore.rekor..",
            "dev.sigstore.timestamp..",
            "dev.sigstore.trustroot..")
        .check(classes);
  }
}
