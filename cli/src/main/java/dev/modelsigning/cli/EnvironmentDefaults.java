package dev.modelsigning.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Takes the values of options that were not given from the environment. */
final class EnvironmentDefaults implements IDefaultValueProvider {

  static final String LOG_LEVEL = "MODEL_SIGNING_LOG_LEVEL";
  static final String PASSWORD = "MODEL_SIGNING_PASSWORD";

  private final Map<String, String> environment;

  EnvironmentDefaults(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (argument instanceof OptionSpec option && option.longestName().equals("--log-level")) {
      String level = environment.get(LOG_LEVEL);
      return level == null || level.isEmpty() ? null : level;
    }
    return null;
  }
}
