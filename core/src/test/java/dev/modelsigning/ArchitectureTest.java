package dev.modelsigning;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import dev.modelsigning.testing.HouseRules;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The package graph of ARCHITECTURE.md: every edge that is not named here is refused. */
class ArchitectureTest extends HouseRules {

  ArchitectureTest() {
    super("dev.modelsigning");
  }

  /** Each package with those that may use it. */
  private static final Map<String, List<String>> USERS =
      Map.ofEntries(
          Map.entry(
              "internal.hash", List.of("internal.engine", "internal.table", "local", "manifest")),
          Map.entry("internal.engine", List.of("local")),
          Map.entry("internal.table", List.of("manifest")),
          Map.entry("internal.text", List.of("model", "local", "manifest")),
          Map.entry("local", List.of("manifest", "root")),
          Map.entry("manifest", List.of("statement", "root", "report")),
          Map.entry(
              "finding",
              List.of(
                  "model",
                  "local",
                  "manifest",
                  "signing",
                  "signingkey",
                  "internal.revocation",
                  "timestamp",
                  "key",
                  "certificate",
                  "root",
                  "report")),
          Map.entry("internal.file", List.of("bundle", "internal.keyfile", "key")),
          Map.entry("internal.platform", List.of()),
          Map.entry(
              "internal.json",
              List.of(
                  "internal.http",
                  "internal.text",
                  "local",
                  "manifest",
                  "bundle",
                  "signingkey",
                  "statement",
                  "internal.keyfile",
                  "internal.pkix",
                  "internal.revocation",
                  "timestamp",
                  "key",
                  "certificate",
                  "report")),
          Map.entry("internal.http", List.of("internal.revocation", "timestamp")),
          Map.entry("model", List.of("local", "manifest", "statement", "root", "report")),
          Map.entry(
              "bundle",
              List.of(
                  "signing",
                  "signingkey",
                  "statement",
                  "internal.keyfile",
                  "timestamp",
                  "key",
                  "certificate",
                  "root",
                  "report")),
          Map.entry(
              "signing",
              List.of(
                  "internal.revocation",
                  "signingkey",
                  "statement",
                  "internal.keyfile",
                  "timestamp",
                  "key",
                  "certificate",
                  "root",
                  "report")),
          Map.entry("statement", List.of("root", "report")),
          Map.entry("signingkey", List.of("internal.keyfile", "key", "certificate")),
          Map.entry("internal.keyfile", List.of("timestamp", "key", "certificate")),
          Map.entry(
              "internal.pkix",
              List.of("internal.keyfile", "internal.revocation", "timestamp", "certificate")),
          Map.entry("internal.revocation", List.of("timestamp", "certificate")),
          Map.entry("timestamp", List.of("certificate")),
          Map.entry("key", List.of()),
          Map.entry("certificate", List.of()),
          Map.entry("root", List.of("report")),
          Map.entry("report", List.of()));

  @Test
  void dependenciesGoOneWay() {
    LayeredArchitecture architecture = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String name : USERS.keySet()) {
      String suffix = name.equals("root") ? "" : "." + name;
      architecture = architecture.layer(name).definedBy("dev.modelsigning" + suffix);
    }
    for (Map.Entry<String, List<String>> entry : USERS.entrySet()) {
      LayeredArchitecture.LayerDependencySpecification layer =
          architecture.whereLayer(entry.getKey());
      architecture =
          entry.getValue().isEmpty()
              ? layer.mayNotBeAccessedByAnyLayer()
              : layer.mayOnlyBeAccessedByLayers(entry.getValue().toArray(String[]::new));
    }
    architecture.check(classes);
  }

  @Test
  void everyPackageIsInTheGraph() {
    assertThat(
            classes.stream()
                .map(type -> type.getPackageName().replaceFirst("^dev\\.modelsigning\\.?", ""))
                .map(name -> name.isEmpty() ? "root" : name))
        .allSatisfy(name -> assertThat(USERS).containsKey(name));
  }

  /** What loads or builds what somebody trusts fails with one exception of ours. */
  @Test
  void verifiersFailWithNoExceptionOfTheJdksSecurity() {
    List<String> methods =
        classes.stream()
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(type ->
                type.getPackageName()
                    .matches("dev\\.modelsigning(\\.(key|certificate|timestamp|signing))?"))
            .map(JavaClass::getCodeUnits)
            .flatMap(Set::stream)
            .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(method ->
                method.getThrowsClause().getTypes().stream()
                    .anyMatch(thrown -> thrown.isAssignableTo(GeneralSecurityException.class)))
            .map(JavaCodeUnit::getFullName)
            .toList();
    assertThat(methods).isEmpty();
  }
}
