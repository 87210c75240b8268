package dev.modelsigning.dist;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JavaRuntimeTest {

  private static final String OWN =
      "   dev.modelsigning.cli.Main  -> java.lang.Object    java.base\n";

  @Test
  void acceptsClassesThatAreKnownToBeLeftAlone() {
    assertThatCode(() ->
            JavaRuntime.check(
                OWN
                    + "model-signing.jar -> java.sql\n"
                    + "   com.google.gson.internal.sql.SqlTypesSupport -> java.sql.Date java.sql\n"
                    + "   11/org.bouncycastle.pkix.jcajce.CrlCache -> javax.naming.Context java.naming\n"
                    + "   com.google.common.hash.Fast -> sun.misc.Unsafe JDK internal API (jdk.unsupported)\n"))
        .doesNotThrowAnyException();
  }

  @Test
  void refusesAClassThatNeedsAnotherModule() {
    assertThatThrownBy(() ->
            JavaRuntime.check(
                OWN + "   dev.modelsigning.cli.Page -> java.awt.Desktop   java.desktop\n"))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("dev.modelsigning.cli.Page needs java.desktop");
  }

  @Test
  void refusesToBelieveThatNothingIsNeeded() {
    assertThatThrownBy(() -> JavaRuntime.check("model-signing.jar -> java.base\n"))
        .isInstanceOf(BuildException.class);
  }
}
