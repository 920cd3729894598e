/**
 * Seeds whose schedules once broke a promise. The ordinary test runs them first, always: add the seed that a long run
 * prints, and say beside it what was wrong.
 */
export const REGRESSIONS: readonly number[] = [
  // A replay whose step died before it queued the next one stayed running for ever: its message was acknowledged.
  28,
  // A release deleted what a sender, whose endpoint was down again, had held once more before the deletion came.
  563,
  // The reconciler said anew at each run where it begins until one succeeded: after days of failures, too late.
  58436,
  // A subscription was deactivated for being down right after its probe was delivered: the circuit could not be written.
  117789,
  // A delivery was held, probed and logged; then came the line that it is held, when the rest of its batch was done.
  4034143,
  // SQS handed one message out twice: one receive used up the tries and waited for the redrive policy, the other acknowledged.
  976062434,
  // The log told a release nothing, its endpoint was still down, and its URL was changed twice: what the first release had let
  // go passed the second one, with its last try.
  3145,
  // The same, and the second release had nothing to let go: only the endpoint's health could tell of the first one's failures.
  1900,
  // Lines are missing: a receive without one is lost only if the log was told before the queue.
  2188,
  // Two deaths in a row took less time than the wait behind a try, and the log was not asked.
  20012279,
  // No fault: an endpoint that has answered nothing well for an hour is not believed when it asks to wait.
  990011947,
  // No fault: no line could be written, so the reconciler queued a second copy, and that one went on, with a day of its own.
  20048084,
  // No fault: a replay's copy was given up after a day while another was held for a pause, which then ended.
  20052350,
  // SQS handed one message out twice. One receive queued its successor; the other could not read the row, SQS took nothing
  // from it, and its line in the log ended the successor.
  30012442,
  // A subscription got another URL between an automatic replay's creation and its first step: the row that knew of it was deleted.
  30013178,
  // The log was down for a day: two of the reconciler's looks at a delivery fell into one run, which queued it twice.
  30008364,
  // A delivery was held less than half a second before its pause ended: the release took that line for its own outcome.
  30005924,
  // No fault: a person's replay begins the count of automatic ones anew, and ends that a delivery was refused for good.
  30009165, 30106312,
  // Our own tables could not be read for longer than an exhausted delivery is tried: it was given up without one try.
  40008912,
  // A try of an exhausted delivery could not be made: its line, for our fault, hid the delivery from the next one; after a day
  // of it there was a second dead letter.
  40020128,
  40020837,
  // A ceiling was exceeded: a retry took its turn just before the circuit was closed, which forgot it.
  50000991,
  // No fault: a delivery of an automatic replay was held, and probed for longer than exhausted ones are tried again.
  60005144,
  // No fault: an exhausted delivery's time counts from its own end, not from its last try.
  30005091,
  // No fault: the log took no line, so what a customer had fetched was kept for it, and its reader had no end.
  2433,
  // No fault: a subscription was deleted with its organization after the telling of it was claimed, before it was queued.
  174,
  // No fault: what a customer who fetches had missed came into its feed, where it was looked for at its endpoint.
  555, 1945,
  // No fault: an answer began a release, what was held behind it went out a moment later, and the endpoint failed again.
  40022120,
  // No fault: four replays whose counts were lost looked for their ends for a week, which was more than a schedule may have happen.
  91000451,
  // No fault: what its organization was told of an endpoint is nothing that this very endpoint has missed.
  11365, 91003731, 91005020,
  // No fault: a pause outlasted the time for which what is exhausted is tried again; the try that was due is made behind it.
  10578,
  // No fault: its endpoint answered, then failed all that went out before it in its release.
  92005525,
  // No fault: it waited for its turn, by its subscription's ceiling, when the reconciler came by.
  92005527,
  // No fault: the log took hardly a line, so a reader got the beginning of its feed again and again, until it gave up.
  92011181,
  // No fault: a subscription was off for a moment when a replay's delivery came.
  92011554,
  // No fault: its subscription was switched off and on, which begins its endpoint's record anew.
  92018514,
  // A line that the log had not taken was written 49 minutes later, when who is purged could not be read: its purge was over.
  92029319,
  // Fan-out could not read who is purged, and recorded an event that came back when its organization's purge was over.
  92018855,
  // A sender died over a delivery that had been held a moment before: the line about that was taken for a try, and one was missing.
  92037812,
  // No fault: the replay that was to note what a subscription had missed was given up after a day of trouble.
  92038750,
  // No fault: an exhausted delivery was tried while another was the probe, and the release that it began took that one along.
  92042561,
  // No fault: a delivery of an automatic replay was held in time, and delivered by a probe a day later.
  92062290,
  // No fault: four senders in a row died between holding a delivery and having it let go, and SQS made a dead letter of it.
  92054179,
  // No fault: a sender died between the line of the last try and the dead letter, and the message was delivered when it came again.
  92062990,
  // Three of a first version: a probe that ended without a line took its delivery out of what is held.
  92042295, 92042475, 92043230,
  // No fault: what is exhausted is tried at its endpoint's moment, which came 6.6 s after one of its deliveries had used up its tries.
  92120167,
  // No fault: a sender had a healing try in hand when the endpoint took another delivery, whose replay sent that one, too.
  92130519,
  // What a subscription's ceiling kept, and nobody could be told to let go, came back by its message and stayed held for ever.
  92251297,
  // No fault: another URL let go what was held, and the log could not be read for three hours.
  92272261,
  // No fault: at the look at which its try was due its endpoint was probed.
  92275536,
  // Two looks at an endpoint, the minute's and the one that a success asks for, met: each asked for the first step of its
  // automatic replay, both steps queued its first page, and the endpoint got that twice.
  92324247,
  // A probe succeeded while its look waited for a slow call, and the look, finding nothing held any more, tried an exhausted
  // delivery as well.
  92357055,
  // No fault: an endpoint answered 410, and before its subscription was off, 2.3 s later, a person's replay sent that once more.
  92402634,
  // No fault: tables were kept from us while what was held for a pause went out; the look behind took that up, the next one made the try.
  92485075,
  // An endpoint with a ceiling asked to wait, and whoever had waited for a turn since before that took it all the same.
  92508252,
  // The same.
  92558144,
  // Left as it is: two calls about a copy of what was delivered were refused in a row, and its row stays until the next delivery comes.
  92503994,
  92628816,
  // The same, where its sender died instead.
  92737882,
  // A delivery in trouble was handed over to the slow lane, and its day began anew there.
  92649149,
  // No fault: a release's last look was overtaken by the next release, and the log told of the first copy when the second had gone out.
  92754479,
  // No fault: a run began in the very moment in which the simulation ended.
  92930443,
  // Activated while its release ended because it was inactive: nobody renewed it, and its organization was told that it is down.
  93037691,
  // Left as it is: its sender died between holding and having it let go, and it was exhausted before anything else came.
  92967892,
];
