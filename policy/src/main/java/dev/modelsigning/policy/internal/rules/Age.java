package dev.modelsigning.policy.internal.rules;

import dev.modelsigning.policy.problem.Place;
import java.time.Duration;

/**
 * A largest age.
 *
 * @param place where it is
 * @param duration the age
 * @param text as the policy writes it, such as {@code 180d}
 */
public record Age(Place place, Duration duration, String text) {}
