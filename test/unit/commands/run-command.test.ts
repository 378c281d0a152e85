import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CommandSurroundings, runInProcess } from '../../support/command-run.ts';

async function run(options: readonly string[], surroundings: CommandSurroundings = {}) {
  const { status, printed, complaints } = await runInProcess(options, surroundings);
  return { status, printed, complained: complaints.join('\n') };
}

describe('a command used wrongly ends with 2 and says how to use it', () => {
  const uses: Record<string, [options: string[], said: RegExp]> = {
    'an unknown option': [['--no-such-option'], /unknown option '--no-such-option'/],
    'an unknown command': [['recrod'], /there is no command "recrod"; write one of run, groups, check, record, replay/],
    'no cluster': [[], /no cluster is named; give --bootstrap-servers host:port/],
    'a setting out of range': [
      ['--bootstrap-servers', 'a:1', '--port', '99999'],
      /--port: http\.port: 99999 does not fit; write a whole number from 0 to 65535/,
    ],
    'brokers that are none': [
      ['groups', '--bootstrap-servers', 'nowhere'],
      /--bootstrap-servers: .*"host:port,host:port"/,
    ],
    'a --set that sets nothing': [['check', '--set', 'interval'], /Write it as setting=value/],
    'a --set of an unknown setting': [['check', '--set', 'intervall=2s'], /there is no such setting; write interval/],
    'no such settings file': [['--config', 'no-such-file'], /no-such-file cannot be read/],
    'a number of cycles that is none': [['record', '--cycles', '0'], /Write a whole number from 1/],
    'a file that cannot be written': [
      ['record', '--bootstrap-servers', 'a:1', '--output', 'no/such/folder/x'],
      /no\/such\/folder\/x cannot be written/,
    ],
    'replay of nothing': [['replay'], /name either traces or a directory with --from-store/],
    'replay of no such file': [['replay', 'no-such-file'], /no-such-file cannot be read/],
    'replay of a directory': [['replay', 'src'], /src cannot be read: it is a directory; check the path/],
    'replay by no such policies': [['replay', '--policy', 'no-such-file', '-'], /no-such-file cannot be read/],
    'replay with an unknown finding': [
      ['replay', '--set', 'findings.no-such-code.x=1', '-'],
      /findings\.no-such-code: there is no such setting/,
    ],
  };
  for (const [name, [options, said]] of Object.entries(uses)) {
    it(name, async () => {
      const { status, printed, complained } = await run(options);
      assert.equal(status, 2);
      assert.match(complained, said);
      assert.equal(printed, '');
    });
  }
});

describe('a command that finds something missing ends with 1', () => {
  // Port 1 of this machine refuses at once.
  const nobody = { TIDEMARK_BOOTSTRAP_SERVERS: '127.0.0.1:1', TIDEMARK_CLUSTER_NAME: 'gone' };

  it('check, where nothing can be read', async () => {
    const { status, printed } = await run(['check'], { environment: nobody });
    assert.equal(status, 1);
    assert.match(printed, /^gone: brokers unread, topics unread, groups unread\n {2}failed {3}cluster /);
    assert.match(printed, /not read: cluster: .*127\.0\.0\.1:1.* Check that the broker lives/);
    assert.equal(printed.match(/not read/g)?.length, 1, 'all else follows from it');
  });

  it('groups, where nothing can be read', async () => {
    const { status, printed, complained } = await run(['groups'], { environment: nobody });
    assert.deepEqual({ status, printed }, { status: 1, printed: '' });
    assert.match(complained, /not read: cluster: /);
  });
});

describe('a command that is told all ends with 0', () => {
  it('--help', async () => {
    const { status, printed } = await run(['--help']);
    assert.equal(status, 0);
    assert.match(printed, /replay \[options\] \[file\.\.\.\]/);
  });

  for (const command of ['run', 'groups', 'check', 'record', 'replay', 'review']) {
    it(`${command} --help, with defaults as one would write them`, async () => {
      const { status, printed } = await run([command, '--help']);
      assert.equal(status, 0);
      assert.match(printed, /--config <file>/);
      assert.doesNotMatch(printed, /default: (\[|\d{4})/);
    });
  }

  it('record, of what could not be read too: that is part of the record', async () => {
    const options = ['record', '--bootstrap-servers', '127.0.0.1:1', '--cluster-name', 'gone', '--cycles', '1'];
    const { status, printed } = await run(options);
    assert.equal(status, 0);
    const line = JSON.parse(printed);
    assert.equal(line.cluster, 'gone');
    assert.ok(line.failures.some(({ code }: { code: string }) => code === 'upstream.unreachable'));
    assert.equal((await run(['replay', '-'], { input: printed })).status, 0);
  });

  it('replay of nothing at all', async () => {
    assert.deepEqual(await run(['replay', '-']), { status: 0, printed: '', complained: '' });
  });
});
